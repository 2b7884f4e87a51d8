console.log('front');
